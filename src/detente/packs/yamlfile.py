"""YAML with line numbers: the only module that imports PyYAML.

Lists of a pack may be written as mappings or, for long ones, as a table: a block of text
whose first line names the columns and whose cells are parted by ` | `.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from detente.errors import PackError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One top-level key of a file, with its YAML node."""

    file: Path
    key: str
    line: int
    node: yaml.Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of a section: plain values and the line where it stands."""

    file: Path
    line: int
    values: dict[str, Any]


def fail(file: Path, line: int, what: str, remedy: str) -> PackError:
    """Make the error of a pack: what is wrong, in which file and line, what to do."""
    return PackError(f"{file}:{line}: {what}; {remedy}")


def read_sections(file: Path) -> list[Section]:
    """Give the top-level sections of a YAML file; raise PackError where it is none."""
    root = _compose(file)
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        raise fail(file, 1, "the file is not a mapping", "begin it with a section such as 'actors:'")
    return [_section(file, key, value) for key, value in root.value]


def _compose(file: Path) -> yaml.Node | None:
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise fail(file, 1, "the file is larger than 20 MB", "split it or leave entries out")
        text = file.read_text(encoding="utf-8")
        node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
        return node
    except OSError as error:
        raise PackError(f"{file}: cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise fail(file, 1, "the file is not UTF-8", "save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise fail(
            file, line, f"not valid YAML ({error.problem})", "check quotes, colons and indents"
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise fail(file, 1, f"not valid YAML ({error})", "check the file's characters and nesting") from error


def _section(file: Path, key: yaml.Node, value: yaml.Node) -> Section:
    return Section(file=file, key=str(key.value), line=key.start_mark.line + 1, node=value)


def plain(node: yaml.Node) -> Any:
    """Give a node as plain values; scalars stay text, so that "2013-08" or "NO" keep their form."""
    if isinstance(node, yaml.ScalarNode):
        empty = node.value in ("", "~", "null") and node.style is None
        return None if empty else node.value
    if isinstance(node, yaml.SequenceNode):
        return [plain(each) for each in node.value]
    return {str(key.value): plain(value) for key, value in node.value}


def read_mapping(section: Section) -> dict[str, tuple[int, yaml.Node]]:
    """Give a mapping section as name -> (line, node)."""
    if not isinstance(section.node, yaml.MappingNode):
        raise fail(
            section.file, section.line, f"'{section.key}' is not a mapping", "write 'name: value' lines"
        )
    return {str(key.value): (key.start_mark.line + 1, value) for key, value in section.node.value}


def read_records(section: Section) -> Iterator[Record]:
    """Give the rows of a list section, written as mappings or as a table."""
    node = section.node
    if isinstance(node, yaml.ScalarNode) and node.style == "|":
        yield from _table(section, node)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            line = each.start_mark.line + 1
            if not isinstance(each, yaml.MappingNode):
                raise fail(
                    section.file,
                    line,
                    "the entry is not a mapping",
                    "write '- name: …' with its fields below",
                )
            yield Record(file=section.file, line=line, values=plain(each))
    elif plain(node) is not None:
        raise fail(
            section.file, section.line, f"'{section.key}' is not a list", "write '- name: …' entries below it"
        )


def _table(section: Section, node: yaml.ScalarNode) -> Iterator[Record]:
    columns: list[str] | None = None
    fixed: dict[str, str] = {}
    for offset, text in enumerate(node.value.split("\n")):
        line = node.start_mark.line + 2 + offset
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in text.split("|")]
        if columns is None:
            columns, fixed = _header(cells)
        elif len(cells) > len(columns):
            what = f"{len(cells)} cells for {len(columns)} columns ({' | '.join(columns)})"
            raise fail(section.file, line, what, "take cells out or part several values with ';'")
        else:
            filled = {name: cell for name, cell in zip(columns, cells, strict=False) if cell}
            yield Record(file=section.file, line=line, values={**fixed, **filled})


def _header(cells: list[str]) -> tuple[list[str], dict[str, str]]:
    """Part plain columns from fixed ones: `kind=armed group` holds for every row."""
    fixed = dict(cell.split("=", 1) for cell in cells if "=" in cell)
    return [cell for cell in cells if "=" not in cell], fixed
