"""How sentences are said in the reader's language."""

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from sharetrail.report import templates
from sharetrail.words import speech
from sharetrail.words.languages import LANGUAGES
from sharetrail.words.speech import say, say_n, speaking


@pytest.fixture
def german(tmp_path, monkeypatch):
    """A catalogue of three sentences."""
    catalogue = Catalog(locale="de")
    catalogue.add("{name} brought {amount}.", "{amount} kam von {name}.")
    catalogue.add(("{n} order", "{n} orders"), ("{n} Bestellung", "{n} Bestellungen"))
    catalogue.add("See <b>{name}</b>", "Siehe <b>{name}</b>")
    (tmp_path / "de.po").touch()
    with (tmp_path / "de.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(speech, "CATALOGUES", tmp_path)
    speech._catalogue.cache_clear()
    yield
    speech._catalogue.cache_clear()


def test_a_sentence_is_said_in_the_language_spoken_here_and_in_english_elsewhere(german):
    with speaking("de_AT"):
        assert say("{name} brought {amount}.", name="Ana", amount="5 €") == "5 € kam von Ana."
    assert say("{name} brought {amount}.", name="Ana", amount="€5") == "Ana brought €5."


def test_a_number_is_written_and_declined_as_the_reader_does(german):
    with speaking("de_DE"):
        assert say_n(1, "{n} order", "{n} orders") == "1 Bestellung"
        assert say_n(1200, "{n} order", "{n} orders") == "1.200 Bestellungen"
    assert say_n(1200, "{n} order", "{n} orders") == "1,200 orders"


def test_who_reads_no_language_of_ours_reads_english(german):
    with speaking("sv_SE"):
        assert say("{name} brought {amount}.", name="Ana", amount="5") == "Ana brought 5."


def test_what_fills_a_gap_is_never_read_as_a_sentence(german):
    with speaking("de_DE"):
        told = say("{name} brought {amount}.", name="{amount}{0}", amount="%s")
    assert told == "%s kam von {amount}{0}."


def test_in_html_what_fills_a_gap_is_escaped_and_the_sentence_is_not(german, tmp_path):
    (tmp_path / "page.html").write_text('{{ say("See <b>{name}</b>", name=name) }}')
    (tmp_path / "mail.txt").write_text('{{ say("{name} brought {amount}.", name=name, amount=1) }}')
    environment = templates.in_folders(tmp_path)
    with speaking("de"):
        page = environment.get_template("page.html").render(name="<i>")
        mail = environment.get_template("mail.txt").render(name="<i>")
    assert (page, mail) == ("Siehe <b>&lt;i&gt;</b>", "1 kam von <i>.")


def test_a_list_is_told_as_the_reader_lists():
    with speaking("en_US"):
        assert speech.listed(["Ana", "Ben", "Cy"]) == "Ana, Ben, and Cy"
    with speaking("ja"):
        assert speech.listed(["Ana", "Ben", "Cy"]) == "Ana、Ben、Cy"


def test_in_html_what_is_listed_is_escaped_and_tags_stay(tmp_path):
    (tmp_path / "names.html").write_text('{{ listed(names | map("bdi")) }}')
    page = templates.in_folders(tmp_path).get_template("names.html")
    with speaking("ja_JP"):
        assert page.render(names=["<b>", "Ben"]) == "<bdi>&lt;b&gt;</bdi>、<bdi>Ben</bdi>"


@pytest.mark.parametrize(
    ("language", "line", "ended"),
    [
        ("en_US", "Bought by a robot", "Bought by a robot."),
        ("en_US", "Is it yours?", "Is it yours?"),
        ("ja_JP", "ロボットの購入", "ロボットの購入。"),
        ("ja_JP", "あなたのですか？", "あなたのですか？"),
        ("ar_EG", "هل هو لك؟", "هل هو لك؟"),
    ],
)
def test_a_line_ends_with_one_stop_whatever_its_language(language, line, ended):
    with speaking(language):
        assert speech.ended(line) == ended


def test_a_label_has_the_colon_of_its_language():
    said = []
    for language in ("en_US", "fr_FR", "ja_JP"):
        with speaking(language):
            said.append(speech.labelled("A", "b"))
    assert said == ["A: b", "A\u202f: b", "A：b"]


def test_a_sentence_from_right_to_left_may_begin_with_a_name_that_is_not():
    with speaking("ar_EG"):
        assert [speech.way(text) for text in ("Bo على WhatsApp", "Tide & Table (2)")] == [
            "rtl",
            "auto",
        ]
    assert speech.way("Bo على WhatsApp") == "auto"


def test_behind_a_stop_that_has_its_own_room_no_blank_stands():
    told = "<p>売上です。 <b>次</b>です。</p> <p>A B <b>（C）</b></p>"
    with speaking("ja_JP"):
        assert speech.closed_up(told) == "<p>売上です。<b>次</b>です。</p><p>A B<b>（C）</b></p>"
    with speaking("de_DE"):
        assert speech.closed_up(told) == told


def test_a_locale_of_its_own_ends_where_it_was_begun():
    with speaking("he"):
        with speaking("pl"):
            assert speech.spoken() == "pl"
        assert speech.spoken() == "he"
    assert speech.spoken() == speech.ENGLISH


# ── what a page is in ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("language", "tag", "direction"),
    [
        ("de_AT", "de-AT", "ltr"),
        ("ar_EG", "ar-EG", "rtl"),
        ("he", "he", "rtl"),
        *((each, each, "rtl" if each in ("ar", "he") else "ltr") for each in LANGUAGES),
        ("sv_SE", "en-SE", "ltr"),
        ("fa_IR", "en-IR", "ltr"),
    ],
)
def test_a_page_is_marked_as_what_its_sentences_are(language, tag, direction):
    with speaking(language):
        assert (speech.tag(), speech.direction()) == (tag, direction)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.5, fr-CA ; q=0.9", "fr"),
        ("sv-SE,sv;q=0.9,pl;q=0.8", "pl"),
        ("zh-Hant-TW", "zh"),
        ("de;q=0, sv", "en"),
        ("den, *", "en"),
        (";q=1,,=", "en"),
        ("", "en"),
    ],
)
def test_who_names_a_language_of_ours_is_answered_in_it(header, language):
    assert speech.preferred(header) == language


def test_a_name_turns_nothing_in_a_sentence_that_is_written_the_other_way():
    assert speech.isolated("Ana") == "Ana"
    assert speech.isolated("אנה") == "\u2068אנה\u2069"
    with speaking("ar"):
        assert speech.isolated("Ana") == "\u2068Ana\u2069"
