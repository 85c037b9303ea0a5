"""Whatever a reader of another language sees is said in it: no English is left but names."""

from sharetrail.words.speech import say, speaking
from tests.pseudo import unsaid, unsaid_html, wide


def test_a_sentence_is_known_by_its_letters(pseudo):
    with speaking(pseudo):
        told = say("nothing")
    assert unsaid(told) == []
    assert unsaid(f"{told} of orders") == ["of orders"]


def test_names_and_addresses_need_no_saying():
    assert unsaid("Maya Santos https://a.example/b c@d.example Ｈｉ", "Maya Santos") == []


def test_of_html_what_is_shown_or_read_out_counts():
    html = '<style>a b</style><img alt="A chart" src="x y"><p>⟦Ｈｉ⟧ there</p>'
    assert unsaid_html(html) == ["chart", "there"]


def test_tags_and_gaps_stay_as_they_are():
    assert wide("<b>No {name}</b>") == "⟦<b>Ｎｏ {name}</b>⟧"
