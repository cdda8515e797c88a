"""Whatever is written in the log is shown in words: each code has a sentence of its own.

The codes are found in the source: in each call of the log's own functions, and of the
functions that hand a code on to them.
"""

import ast
from functools import cache

from django.apps import apps

from tests.unit.repository.our_files import SOURCE, files, tree
from varde.apps.records import protection
from varde.apps.records.events import Happened
from varde.apps.records.models import RotaChange
from varde.apps.records.models.patient import Scoped
from varde.apps.sentral import log_codes


LOG = "varde.apps.records.audit"
# What writes a line, and the name of the code among what it is given.
WRITES = {(LOG, name): "what" for name in ("log", "log_read", "log_client_reads")}
# Codes that are put together from a part that is known only when they are written.
PUT_TOGETHER = {
    "rota_{}": RotaChange.Kind.values,
    "index_{}": ("installed", "approved", "in_use", "replaced", "withdrawn"),
    "factor_{}": ("added", "removed", "reset"),
    "{}_refused": ("alarm", "help", "telephony"),
}


# Written by earlier versions: the lines are still there.
EARLIER = {"patient"}


class Module:
    """A file with its functions, the calls in them, and where its names are from."""

    def __init__(self, name, source):
        self.name, self.tree = name, source
        self.names = {}
        self.functions = []
        for node in ast.walk(source):
            if isinstance(node, ast.ImportFrom) and node.module:
                for one in node.names:
                    self.names[one.asname or one.name] = (node.module, one.name)
            elif isinstance(node, ast.FunctionDef):
                self.functions.append(node)

    def calls(self):
        """Each call in a function: the function, the call, what is called."""
        for function in self.functions:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and (whom := self.called(node)):
                    yield function, node, whom

    def called(self, call):
        """The module and the name of what is called."""
        match call.func:
            case ast.Name(id=name):
                return self.names.get(name, (self.name, name))
            case ast.Attribute(value=ast.Name(id=base), attr=name):
                module, own = self.names.get(base, ("", base))
                return (f"{module}.{own}", name)
        return None


@cache
def ours():
    found = []
    for file in files(".py", under=SOURCE):
        parts = file.relative_to(SOURCE.parent).with_suffix("").parts
        found.append(Module(".".join(parts).removesuffix(".__init__"), tree(file)))
    return tuple(found)


@cache
def written(modules):
    """The codes that are written, each with a place."""
    calls = [(module, *call) for module in modules for call in module.calls()]
    defined = {(m.name, f.name): f for m in modules for f in m.functions}
    writes = dict(WRITES)
    while True:
        found, handed = {}, {}
        for module, function, call, whom in calls:
            if whom in writes:
                value = given(call, writes[whom], defined.get(whom))
                for code in codes(value, module, function, handed):
                    found[code] = f"{module.name}:{call.lineno}"
        if not handed.keys() - writes.keys():
            return found
        writes |= handed


def parameters(function):
    takes = function.args
    return [one.arg for one in (*takes.posonlyargs, *takes.args, *takes.kwonlyargs)]


def given(call, name, function):
    """What a call gives a parameter: by its name, by its place, or as is usual."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    order = [] if function is None else parameters(function)
    if name in order and order.index(name) < len(call.args):
        return call.args[order.index(name)]
    if function is None:
        return None
    takes = function.args
    named = [one.arg for one in takes.kwonlyargs]
    usual = dict(zip(named, takes.kw_defaults, strict=True))
    last = [one.arg for one in takes.args][len(takes.args) - len(takes.defaults) :]
    return (usual | dict(zip(last, takes.defaults, strict=True))).get(name)


def codes(value, module, function, handed):
    """What an expression can be; a parameter makes the function one that hands on."""
    match value:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=first, orelse=second):
            yield from codes(first, module, function, handed)
            yield from codes(second, module, function, handed)
        case ast.Attribute(value=ast.Name(id="Happened"), attr=name):
            yield Happened[name].value
        case ast.Attribute(value=ast.Name() as inner, attr="value"):
            yield from codes(inner, module, function, handed)
        case ast.JoinedStr():
            form = "".join(
                part.value if isinstance(part, ast.Constant) else "{}"
                for part in value.values
            )
            assert form in PUT_TOGETHER, f"{module.name}: {form} of what?"
            yield from (form.format(part) for part in PUT_TOGETHER[form])
        case ast.Name(id=name) if name in parameters(function):
            handed[(module.name, function.name)] = name
        case ast.Name(id=name):
            rows = [
                node.value
                for node in [*ast.walk(function), *module.tree.body]
                if isinstance(node, ast.Assign)
                and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
            ]
            assert rows, f"{module.name}: what is {name}?"
            for row in rows:
                yield from codes(row, module, function, handed)
        case _:
            raise AssertionError(f"{module.name}: a code that nobody can read")


def test_each_code_in_the_log_has_words():
    found = written(ours())
    lacking = {code: at for code, at in found.items() if code not in log_codes.WHAT}
    assert not lacking
    assert {"rota_published", "rota_filled", "contact", "callback_taken"} <= set(found)
    assert len(found) > 200


def test_no_words_are_kept_for_what_is_not_written():
    assert set(log_codes.WHAT) - set(written(ours())) == EARLIER


def test_a_code_is_found_where_it_is_handed_on_and_where_it_is_usual():
    made_up = """
from varde.apps.records import audit
def tell(what="rota_seen", *, by):
    audit.log(what=what, by=by)
def act(by, is_new):
    tell("rota_begun" if is_new else "rota_made", by=by)
    tell(by=by)
"""
    module = Module("varde.made_up", ast.parse(made_up))
    assert written((module,)) == {
        "rota_begun": "varde.made_up:6",
        "rota_made": "varde.made_up:6",
        "rota_seen": "varde.made_up:7",
    }


def test_each_table_whose_changes_are_logged_has_words():
    scoped = {
        model._meta.db_table
        for model in apps.get_app_config("records").get_models()
        if issubclass(model, Scoped)
    }
    logged = (scoped | set(protection.OTHER_CHANGE_LOGGED)) - set(
        protection.NOT_CHANGE_LOGGED
    )
    assert not logged - set(log_codes.TABLE)
