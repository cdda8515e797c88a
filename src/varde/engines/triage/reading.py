"""Choose the reader by the name of the file."""

from varde.engines.triage.file_tree import MAX_CHARACTERS, FileTree, refused
from varde.engines.triage.problems import IndexRule
from varde.engines.triage.toml_tree import read_toml
from varde.engines.triage.yaml_tree import read_yaml


def read_tree(text: str, *, filename: str) -> FileTree:
    """Read YAML (.yaml, .yml) or TOML (.toml) into plain values with line numbers.

    Raises `BadIndex` with one problem if the file is of another kind, too large, or
    not well-formed.
    """
    if len(text) > MAX_CHARACTERS:
        raise refused(
            filename,
            IndexRule.TOO_LARGE,
            line=1,
            what=f"the file has {len(text)} characters; the limit is {MAX_CHARACTERS}.",
            cure="Split it into several indexes.",
            values={"characters": str(len(text)), "limit": str(MAX_CHARACTERS)},
        )
    _, dot, ending = filename.rpartition(".")
    ending = ending.lower() if dot else ""
    if ending in {"yaml", "yml"}:
        return read_yaml(text, filename=filename)
    if ending == "toml":
        return read_toml(text, filename=filename)
    raise refused(
        filename,
        IndexRule.FILE_KIND,
        line=1,
        what=f"the name ends in {ending!r}, which tells no known kind of file.",
        cure="Name it .yaml, .yml or .toml, after what is in it.",
        values={"ending": ending},
    )
