"""Annotations of a function of TypeScript: types that parse and whose names the file has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook_context.refactor.edits import Change
from inglenook_context.rewrite.parameters import Parameter, script_parameters
from inglenook_context.rewrite.structure import Definition, Structure
from inglenook_context.rewrite.type_reading import Unusable
from inglenook_context.verify.tree import Tree, syntax_of, tree_of

LANGUAGES: Final = ("typescript", "typescriptreact")
_LONGEST: Final = 200  # characters
_SLIPS: Final = {
    "str": "string",
    "int": "number",
    "float": "number",
    "bool": "boolean",
    "None": "null",
    "String": "string",
    "Number": "number",
    "Boolean": "boolean",
}
# Types of the language's library that need no import, and how many arguments they must have.
_GLOBALS: Final = {
    **dict.fromkeys("Date Error RegExp URL Uint8Array ArrayBuffer Function Object".split(), 0),
    **dict.fromkeys("Array Promise Set ReadonlyArray ReadonlySet Iterable Partial".split(), 1),
    **dict.fromkeys("Required Readonly NonNullable Iterator AsyncIterable WeakSet".split(), 1),
    **dict.fromkeys("Map Record ReadonlyMap Pick Omit WeakMap".split(), 2),
}
_DECLARES: Final = frozenset(
    """class_declaration abstract_class_declaration interface_declaration type_alias_declaration
    enum_declaration internal_module""".split()
)
_TYPES: Final = frozenset(
    """predefined_type type_identifier nested_type_identifier generic_type type_arguments array_type
    union_type intersection_type literal_type tuple_type object_type property_signature
    property_identifier function_type formal_parameters required_parameter optional_parameter
    type_annotation parenthesized_type readonly_type identifier string string_fragment number true
    false null undefined unary_expression index_signature rest_type optional_type""".split()
)
_LISTS: Final = ("Array<", "ReadonlyArray<", "readonly ")
_SIMPLE: Final = ("predefined_type", "type_identifier", "nested_type_identifier", "generic_type")
_NOTHING: Final = ("void", "undefined", "never")
_OPEN: Final = (*_NOTHING, "any", "unknown")
_FUNCTIONS: Final = frozenset(
    """function_declaration function_expression generator_function arrow_function
    generator_function_declaration method_definition class class_declaration""".split()
)
_NO_RESULT: Final = ("set", "constructor")


def lacking(structure: Structure, found: Definition) -> tuple[list[str], bool] | None:
    """The parameters without a type and without a default value, from which it would follow, and
    whether the result has none; None for what is typed from outside."""
    node = found.node
    if found.kind != "function" or found.is_callback or node.one("body") is None:
        return None
    holders = [each for each in node.above() if each.start >= found.outer.start]
    if any(each.one("type") is not None for each in holders if each.type != "export_statement"):
        return None  # `const f: Handler = (a) => ...`
    free = [each for each in script_parameters(structure, found) if _is_free(each)]
    name = node.one("name")
    is_special = any(each.type in _NO_RESULT for each in node.children) or (
        name is not None and structure.written(name) == "constructor"
    )
    return [each.label for each in free], node.one("return_type") is None and not is_special


def type_text(structure: Structure, found: Definition, label: str, written: str) -> str:
    """The type that a model wrote, as it can stand in the file; raises `Unusable`."""
    text = " ".join(written.strip().strip("`").split()).removeprefix("=>").strip(" :,;`")
    text = _SLIPS.get(text, text)
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise Unusable("is no type")
    kind = _parsed(text, structure.grammar.language)
    names = set(_names(structure, found.node))
    for node in kind.walk():
        if node.error or node.missing or (node.named and node.type not in _TYPES):
            raise Unusable("is no type")
        if node.type in ("type_identifier", "nested_type_identifier"):
            _check_name(text, node, names)
    if label == "return":
        return _result(found, text)
    is_list = kind.type in ("array_type", "tuple_type") or text.startswith(_LISTS)
    if label.startswith("...") and not is_list:  # the type is that of one argument
        return f"{text}[]" if kind.type in _SIMPLE else f"Array<{text}>"
    return text


def changes_of(
    structure: Structure, found: Definition, texts: dict[str, str]
) -> tuple[Change, ...]:
    """``texts`` are types by parameter and ``return``."""
    node = found.node
    result = f": {texts['return']}" if "return" in texts else ""
    single = node.one("parameter")
    if single is not None:  # `x => ...`
        name = structure.written(single)
        new = f"({name}: {texts[name]}){result}" if name in texts else f"({name}){result}"
        return (Change(single.start, single.stop, new),)
    changes = []
    for each in script_parameters(structure, found):
        if each.label in texts:
            at = each.mark.stop if each.mark is not None else each.at.stop
            changes.append(Change(at, at, f": {texts[each.label]}"))
    holder = node.one("parameters")
    if result and holder is not None:
        changes.append(Change(holder.stop, holder.stop, result))
    return tuple(changes)


def _is_free(parameter: Parameter) -> bool:
    return not parameter.typed and parameter.default is None


def _parsed(text: str, language: str) -> Tree:
    """The tree of a type that stands alone."""
    before, source = "let x: ", f"let x: {text};"
    syntax = syntax_of(source, language)
    tree = tree_of(syntax) if syntax is not None else None
    for node in tree.walk() if tree is not None and len(tree.parts) == 1 else ():
        whole = node.type == "type_annotation" and node.stop == len(source) - 1
        if whole and node.parts and node.parts[0].start == len(before):
            return node.parts[0]
    raise Unusable("is no type")


def _check_name(text: str, node: Tree, names: set[str]) -> None:
    written = text[node.start - len("let x: ") : node.stop - len("let x: ")]
    parent = node.parent
    if parent is not None and parent.type == "nested_type_identifier":
        return
    root = written.partition(".")[0]
    if root in names:
        return
    if written not in _GLOBALS:
        raise Unusable(f"uses {root}, which the file does not have")
    arguments = parent.one("type_arguments") if parent is not None else None
    given = len(arguments.parts) if arguments is not None and parent is not None else 0
    if given != _GLOBALS[written]:
        raise Unusable("has too few or too many arguments")


def _names(structure: Structure, function: Tree) -> Iterator[str]:
    """The types that are declared or imported round a function."""
    for holder in (function, *function.above()):
        parameters = holder.one("type_parameters")
        for each in parameters.parts if parameters is not None else ():
            yield structure.written(each.one("name") or each)
        if holder is function:
            continue
        for child in holder.children:
            declared = child.one("declaration") or child
            name = declared.one("name")
            if declared.type in _DECLARES and name is not None:
                yield structure.written(name)
            elif child.type == "import_statement":
                for each in child.walk():
                    if each.type == "import_specifier":
                        yield structure.written(each.one("alias") or each.one("name") or each)
                    elif each.type in ("import_clause", "namespace_import"):
                        yield from (
                            structure.written(e) for e in each.parts if e.type == "identifier"
                        )


def _result(found: Definition, text: str) -> str:
    """The type of a result; refuses what the function's own code shows to be wrong."""
    node, body = found.node, found.node.one("body")
    own = list(_own(body)) if body is not None else []
    head = text.partition("<")[0].strip()
    if any(each.type == "*" for each in node.children) or "generator" in node.type:
        raise Unusable("is that of a generator, which is left alone")
    is_async = any(each.type == "async" for each in node.children)
    plain = text[len("Promise<") : -1].strip() if head == "Promise" and text[-1] == ">" else text
    gives = body is not None and body.type != "statement_block"
    gives = gives or any(each.type == "return_statement" and each.parts for each in own)
    if gives and plain in _NOTHING:
        raise Unusable("is that of no value, and the function returns one")
    throws = any(each.type == "throw_statement" for each in own)
    optional = {each.strip() for each in plain.split("|")} & set(_OPEN)
    if not gives and not throws and not optional and (is_async or head != "Promise"):
        raise Unusable("is that of a value, and the function returns none")
    return f"Promise<{text}>" if is_async and head != "Promise" else text


def _own(body: Tree) -> Iterator[Tree]:
    stack = [body]
    while stack:
        node = stack.pop()
        yield node
        if node.type not in _FUNCTIONS:
            stack += node.children
