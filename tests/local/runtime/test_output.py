import sys

from local.runtime import output
from local.runtime.handlers import Runtime
from local.template import reader


def test_what_functions_log_stays_off_the_terminal(tmp_path, capsys):
    function = reader.load(
        parameters={"PublicBaseUrl": "http://127.0.0.1", "MailFrom": "a@shop.example"}
    ).functions["sweep"]
    runtime = Runtime({"sweep": function}, lambda _: lambda *_: sys.stdout.write("a log line\n"))
    log = tmp_path / "functions.log"
    with output.function_log(log):
        runtime.invoke("sweep", {})
        sys.stdout.write("for people\n")
    assert capsys.readouterr().out == "for people\n"
    assert log.read_text() == "a log line\n"
