"""CloudFormation's intrinsic functions: reading their YAML tags, and working out their values."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import yaml


class Refused(Exception):
    """The template says something that the local cloud would not do as AWS does it."""


class Absent:
    """What AWS::NoValue leaves: the property that holds it is gone."""


def refuse_unknown(where: str, properties: Mapping[str, Any], names: set[str]) -> None:
    if unknown := set(properties) - names:
        raise Refused(f"{where}: properties not known here: {', '.join(sorted(unknown))}")


# libyaml, as cfn-lint has it: the parser in Python stumbles over a bare `cron(… ?)`.
class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML with CloudFormation's short tags; anchors work as they do anywhere."""


def _tag(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", _tag)


@cache
def read(text: str) -> Any:
    """The document with every tag in its long form: {"Fn::GetAtt": ["Table", "Arn"]}. It is parsed
    once, and nobody's to change.
    """
    return yaml.load(text, Loader)


class Resolver:
    """Works out values. `ref` and `attribute` say what a resource is called here."""

    def __init__(
        self,
        values: Mapping[str, Any],
        conditions: Mapping[str, Any],
        ref: Callable[[str], str],
        attribute: Callable[[str, str], str],
    ) -> None:
        self._values = values
        self._conditions = conditions
        self._ref_resource = ref
        self._attribute = attribute
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": lambda value: self._attribute(*value),
            "Fn::Sub": self._sub,
            "Fn::Join": lambda value: value[0].join(self(value[1])),
            "Fn::If": lambda value: self(value[1] if self.holds(value[0]) else value[2]),
            "Fn::Equals": lambda value: str(self(value[0])) == str(self(value[1])),
            "Fn::Not": lambda value: not self(value[0]),
        }

    def __call__(self, value: Any) -> Any:
        """`value` with every intrinsic worked out and every AWS::NoValue gone."""
        if isinstance(value, list):
            return [each for each in map(self, value) if each is not Absent]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (name := next(iter(value))) in self._functions:
            return self._functions[name](value[name])
        for name in value:
            if (name == "Condition" and len(value) == 1) or str(name).startswith("Fn::"):
                raise Refused(f"the intrinsic function {name} is not known here")
        resolved = {name: self(each) for name, each in value.items()}
        return {name: each for name, each in resolved.items() if each is not Absent}

    def holds(self, condition: str) -> bool:
        return bool(self(self._conditions[condition]))

    def _ref(self, name: str) -> Any:
        return self._values[name] if name in self._values else self._ref_resource(name)

    def _sub(self, value: str | list[Any]) -> str:
        text, extra = value if isinstance(value, list) else (value, {})

        def replace(match: re.Match[str]) -> str:
            name = match[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in extra:
                return str(self(extra[name]))
            if "." in name:
                return self._attribute(*name.split(".", 1))
            return str(self._ref(name))

        return re.sub(r"\$\{([^}]+)\}", replace, text)
