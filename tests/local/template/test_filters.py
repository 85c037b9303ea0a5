import pytest

from local.template import filters


@pytest.mark.parametrize(
    ("test", "value", "passes"),
    [
        ("a", "a", True),
        ("a", "b", False),
        (1, 1, True),
        (1, True, False),
        ({"prefix": "pa"}, "paid#1", True),
        ({"prefix": "pa"}, "updated", False),
        ({"suffix": "#1"}, "paid#1", True),
        ({"suffix": "#1"}, 1, False),
        ("a", ["b", "a"], True),
        ("a", ["b"], False),
        ("a", [], False),
        ({"exists": True}, "x", True),
        ({"exists": False}, "x", False),
        ({"anything-but": ["a", "b"]}, "c", True),
        ({"anything-but": "a"}, "a", False),
        ({"anything-but": {"prefix": "touch#"}}, "touch#1", False),
        ({"anything-but": {"prefix": "touch#"}}, "placed", True),
    ],
)
def test_a_filter_judges_a_value(test, value, passes):
    pattern = {"keys": {"sk": [test]}}
    filters.check(pattern)
    assert filters.matches(pattern, {"keys": {"sk": value}}) is passes


def test_a_missing_field_matches_only_exists_false():
    assert filters.matches({"keys": {"sk": [{"exists": False}]}}, {})
    assert not filters.matches({"keys": {"sk": ["a", {"anything-but": "b"}]}}, {})


@pytest.mark.parametrize(
    "pattern",
    [
        {"a": "b"},
        {"a": []},
        {"$or": [{"a": ["b"]}]},
        {"a": [{"cidr": "10.0.0.0/8"}]},
        {"a": [{"prefix": {"equals-ignore-case": "x"}}]},
        {"a": {"b": [{"wildcard": "*"}]}},
    ],
)
def test_a_filter_beyond_ours_is_refused(pattern):
    with pytest.raises(ValueError, match=r"filter|takes"):
        filters.check(pattern)
