"""Change the tree of one table as PostgreSQL changes the table, with the names that PostgreSQL gives to constraints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

NAME = "name"
"""Key of a constraint's name in the node's ``meta``."""
_INTEGERS = ("SMALLINT", "INT", "BIGINT")
_SUFFIXES: dict[type[exp.Expression], str] = {
    exp.PrimaryKeyColumnConstraint: "pkey",
    exp.PrimaryKey: "pkey",
    exp.UniqueColumnConstraint: "key",
    exp.CheckColumnConstraint: "check",
    exp.Reference: "fkey",
    exp.ForeignKey: "fkey",
}


class Refused(Exception):
    """A change that the model cannot make; its text says why."""


# ---- reading ----------------------------------------------------------------------------------------------------------------


def columns(body: exp.Schema) -> list[exp.ColumnDef]:
    """Return the columns of a table."""
    return [part for part in body.expressions if isinstance(part, exp.ColumnDef)]


def column(body: exp.Schema, name: str) -> exp.ColumnDef:
    """Return a column. Raises :class:`Refused` if there is none."""
    for part in columns(body):
        if part.name == name:
            return part
    raise Refused(f"{body.this.name} has no column {name}")


def mentions(node: exp.Expression, name: str) -> bool:
    """Return whether an index or constraint depends on a column of its own table."""
    return any(part.name == name for part in _own(node))


def parents(body: exp.Schema) -> set[str]:
    """Return the tables to which a table's foreign keys refer."""
    return {table for table, _ in referred(body)}


def referred(body: exp.Schema) -> set[tuple[str, str]]:
    """Return the tables and columns to which a table's foreign keys refer."""
    found = set()
    for reference in body.find_all(exp.Reference):
        if not isinstance(reference.this, exp.Schema):
            raise Refused("a foreign key must name the column that it refers to")
        found |= {(reference.this.this.name, part.name) for part in reference.this.expressions}
    return found


def _own(node: exp.Expression) -> Iterator[exp.Expression]:
    """Yield the identifiers of columns of the table itself, not of a table that a foreign key refers to."""
    for part in node.find_all(exp.Column, exp.Identifier):
        if part.find_ancestor(exp.Reference) is not None:
            continue
        if isinstance(part, exp.Column):
            yield part.this
        elif isinstance(part.parent, exp.Schema | exp.ForeignKey | exp.PrimaryKey):
            yield part


# ---- names ------------------------------------------------------------------------------------------------------------------


def name_all(table: str, body: exp.Schema) -> None:
    """Give every constraint of a new table the name that PostgreSQL gives it."""
    referred(body)
    taken: set[str] = set()
    for part in body.expressions:
        _name(table, part, taken)


def _name(table: str, part: exp.Expression, taken: set[str]) -> None:
    if isinstance(part, exp.ColumnDef):
        for constraint in part.args.get("constraints") or []:
            kind = constraint.args["kind"]
            if suffix := _SUFFIXES.get(type(kind)):
                own = [part.name] if suffix != "pkey" else []
                constraint.meta[NAME] = constraint.name or _free("_".join([table, *own, suffix]), taken)
                taken.add(constraint.meta[NAME])
        return
    inner = part.expressions[0] if isinstance(part, exp.Constraint) else part
    if type(inner) not in _SUFFIXES:
        raise Refused(f"{type(inner).__name__} is not known here")
    part.meta[NAME] = part.name if isinstance(part, exp.Constraint) else _free(_usual(table, inner), taken)
    taken.add(part.meta[NAME])


def _usual(table: str, constraint: exp.Expression) -> str:
    """Return PostgreSQL's usual name: ``{table}_{columns}_{suffix}``; a check has a column's name only if it is about one."""
    suffix = _SUFFIXES[type(constraint)]
    about = list(dict.fromkeys(part.name for part in _own(constraint)))
    if suffix == "pkey" or (suffix == "check" and len(about) > 1):
        about = []
    return "_".join([table, *about, suffix])


def _free(name: str, taken: set[str]) -> str:
    if len(name) > 63:
        raise Refused(f"{name} is too long for a name; name the constraint")
    number, free = 0, name
    while free in taken:
        number += 1
        free = f"{name}{number}"
    return free


def names(body: exp.Schema) -> set[str]:
    """Return the names of a table's constraints."""
    return {str(part.meta[NAME]) for part in body.find_all(exp.Expression) if NAME in part.meta}


# ---- changes ----------------------------------------------------------------------------------------------------------------


def add_column(table: str, body: exp.Schema, given: exp.ColumnDef) -> bool:
    """Add a column after the existing ones and before the constraints. Return whether it was missing."""
    if any(part.name == given.name for part in columns(body)):
        if given.args.get("exists"):
            return False
        raise Refused(f"{table} has a column {given.name} already")
    added = given.copy()
    added.set("exists", None)
    _name(table, added, names(body))
    others = [part for part in body.expressions if not isinstance(part, exp.ColumnDef)]
    body.set("expressions", [*columns(body), added, *others])
    referred(body)
    return True


def add(table: str, body: exp.Schema, given: Sequence[exp.Expression]) -> bool:
    """Add constraints to a table."""
    for constraint in given:
        added, taken = constraint.copy(), names(body)
        _name(table, added, set(taken))
        if added.meta[NAME] in taken:
            raise Refused(f"{table} has a constraint {added.name} already")
        body.set("expressions", [*body.expressions, added])
    referred(body)
    return True


def drop(table: str, body: exp.Schema, name: str, exists: bool) -> bool:
    """Drop a constraint by its name. Return whether it was there; without ``exists`` it must be."""
    for part in body.expressions:
        if part.meta.get(NAME) == name:
            body.set("expressions", [other for other in body.expressions if other is not part])
            return True
        kept = [other for other in part.args.get("constraints") or [] if other.meta.get(NAME) != name]
        if isinstance(part, exp.ColumnDef) and len(kept) < len(part.args.get("constraints") or []):
            part.set("constraints", kept)
            return True
    if not exists:
        raise Refused(f"{table} has no constraint {name}")
    return False


def drop_column(body: exp.Schema, name: str) -> None:
    """Drop a column with the constraints that depend on it."""
    gone = column(body, name)
    kept = [part for part in body.expressions if part is not gone]
    body.set("expressions", [part for part in kept if isinstance(part, exp.ColumnDef) or not mentions(part, name)])
    for part in columns(body):
        checks = [each for each in part.args.get("constraints") or [] if NAME not in each.meta or not mentions(each, name)]
        part.set("constraints", checks)


def alter_column(changed: exp.ColumnDef, action: exp.AlterColumn) -> exp.Expression | None:
    """Change a column's type, default or nullability. Return the expression for its new values, if there is one."""
    if action.args.get("dtype"):
        return _alter_type(changed, action)
    if "allow_null" in action.args:
        kind: type[exp.Expression] = exp.NotNullColumnConstraint
        added = [] if action.args["allow_null"] else [exp.ColumnConstraint(kind=kind())]
    elif action.args.get("default") is not None or action.args.get("drop"):
        kind = exp.DefaultColumnConstraint
        value = action.args.get("default")
        added = [exp.ColumnConstraint(kind=kind(this=value.copy()))] if value is not None else []
    else:
        raise Refused("this change of a column is not known")
    kept = [part for part in changed.args.get("constraints") or [] if not isinstance(part.args["kind"], kind)]
    changed.set("constraints", [*kept, *added])
    return None


def _alter_type(changed: exp.ColumnDef, action: exp.AlterColumn) -> exp.Expression | None:
    old, new = changed.args["kind"].this.name, action.args["dtype"].this.name
    using: exp.Expression | None = action.args.get("using") or None
    same = (old in _INTEGERS and new in _INTEGERS) or (new == "TEXT" and old in ("UUID", *_INTEGERS))
    if not same and using is None:
        raise Refused(f"values change from {old} to {new}; say how with USING")
    changed.set("kind", action.args["dtype"].copy())
    return using


def rename_column(body: exp.Schema, table: str, old: str, new: str) -> None:
    """Rename a column in its own table, and in foreign keys that refer to it."""
    if body.this.name == table:
        rename_in(body, old, new)
        column(body, old).set("this", exp.to_identifier(new))
    for reference in body.find_all(exp.Reference):
        if reference.this.this.name == table:
            for part in reference.this.expressions:
                if part.name == old:
                    part.set("this", new)


def rename_in(node: exp.Expression, old: str, new: str) -> None:
    """Rename a column in an index or in the constraints of its own table."""
    for part in list(_own(node)):
        if part.name == old:
            part.set("this", new)
