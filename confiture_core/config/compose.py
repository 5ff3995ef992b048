"""Yaml documents composed into nodes, by PyYAML: the one module that loads it."""

from __future__ import annotations

import yaml

from confiture_core.config.node import Node
from confiture_core.errors import ConfigError


def compose(text: str, *, shown: str) -> Node | None:
    """Compose the one document of a text; None if it is empty."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as exc:
        raise _malformed(exc, shown) from None  # the cause quotes the line, secrets included
    return None if root is None else _node(root, text, shown, ())


def _node(node: yaml.Node, text: str, shown: str, above: tuple[yaml.Node, ...]) -> Node:
    line = node.start_mark.line + 1
    if node in above:
        raise ConfigError("an alias stands for what it is in", path=shown, line=line)
    above = (*above, node)
    if isinstance(node, yaml.MappingNode):
        pairs = tuple(
            (_node(key, text, shown, above), _node(value, text, shown, above))
            for key, value in node.value
        )
        return Node(line=line, pairs=pairs)
    if isinstance(node, yaml.SequenceNode):
        return Node(line=line, items=tuple(_node(item, text, shown, above) for item in node.value))
    return Node(
        line=line,
        span=_span(node, text),
        is_null=node.tag == "tag:yaml.org,2002:null",
        scalar=node.value,
    )


def _span(node: yaml.Node, text: str) -> tuple[int, int] | None:
    """Say where in the text the value of a scalar is, if it is there as it is."""
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style:
        start, end = start + 1, end - 1
    return (start, end) if text[start:end] == node.value else None


def _malformed(exc: yaml.YAMLError, shown: str) -> ConfigError:
    if not isinstance(exc, yaml.MarkedYAMLError):  # a character that yaml does not allow
        return ConfigError("malformed yaml: it holds a control character", path=shown)
    mark = exc.problem_mark or exc.context_mark
    problem = exc.problem or exc.context or "it cannot be read"
    if "alias" in problem:  # the problem would quote `password: *secret`
        problem = 'a value that starts with "*" must be quoted'
    return ConfigError(
        f"malformed yaml: {problem}", path=shown, line=mark.line + 1 if mark else None
    )
