"""What the text round a cursor says in Go, Rust and Java: code with a cursor in, a reading out."""

from __future__ import annotations

import pytest

from inglenook_context.reading import Position, Reading, read
from tests.support.drawn import cursor_of


def reading(drawing: str, language: str) -> Reading:
    return read(cursor_of(drawing, language))


GO = """package shop

func (s *Store[T]) Load(ctx context.Context, id, name string, rows ...*store.Row) (*Row, error) {
	row := &store.Row{ID: id}
	other, err := s.cache.Find(ctx, id)
	var last *store.Row
	var first = store.Open("x")
	made := make(map[string][]Row)
	for _, each := range s.rows {
		next := each.Next
		if found, ok := x.(*store.Disk); ok {
			go func(w http.ResponseWriter, r *http.Request) {
				same := row
				s.put(row, other.Text(█
"""


def test_go() -> None:
    found = reading(GO, "go")
    assert (found.class_name, found.function) == ("Store", "Load")
    assert found.bindings == {
        "s": "Store",
        "ctx": "context.Context",
        "id": "string",
        "name": "string",
        "rows": "...*store.Row",
        "row": "store.Row",
        "other": "Store.cache.Find()",
        "last": "*store.Row",
        "first": "store.Open()",
        "made": "map[string][]Row",
        "each": "Store.rows",
        "next": "Store.rows.Next",
        "found": "store.Disk",
        "w": "http.ResponseWriter",
        "r": "*http.Request",
        "same": "store.Row",
    }
    assert found.calls == ("other.Text", "s.put")


RUST = """use a::b;
impl<T: Clone> Shape for Store<T>
where
    T: Send,
{
    pub async fn load<'a>(
        &'a mut self,
        id: &str,
        rows: Vec<Row>,
        shape: Box<dyn Shape + Send>,
    ) -> Result<Row, Error> {
        let row = Row::new(id)?;
        let mut other: Option<store::Row> = None;
        let made = Row { id: 1 };
        let held = self.cache.lock().await?.find::<u8>(id);
        if let Some(first) = rows.first() {
            for (at, each) in rows.iter().enumerate() {
                let next = each.next.unwrap();
                while let Ok(line) = other.read() {
                    run(|x: Cell, y| {
                        let same = &row;
                        self.put(next, store::open(█
"""


def test_rust() -> None:
    found = reading(RUST, "rust")
    assert (found.class_name, found.function) == ("Store", "load")
    assert found.bindings == {
        "id": "str",
        "rows": "Vec<Row>",
        "shape": "Box<dyn Shape + Send>",
        "row": "Row.new()",
        "other": "Option<store.Row>",
        "made": "Row",
        "held": "self.cache.lock().find()",
        "first": "Row.first()",
        "each": "Row.iter().enumerate()",
        "next": "Row.iter().enumerate.next.unwrap()",
        "line": "store.Row.read()",
        "x": "Cell",
        "same": "Row.new()",
    }
    assert found.calls == ("store.open", "self.put", "run")


JAVA = """package shop;
@Service
public class Store<T> extends Shelf implements Sized {
    private final Cache<String, Row> cache;
    @Inject Page page = new Page();
    static int count;

    void before(Gone gone) { Gone also = null; }

    @Override
    public Row load(final String id, List<Row> rows,
                    Map<String, Row> byName) throws Failure {
        Row row = new Row(id);
        var made = new Header<>(row);
        var held = cache.find(id);
        for (Row each : rows) {
            for (var other : each.all()) {
                try {
                    if (row instanceof Wide wide && wide.more()) {
                    }
                } catch (Failure | Other failed) {
                    put(made, Store.open(█
"""


def test_java() -> None:
    found = reading(JAVA, "java")
    assert (found.class_name, found.function) == ("Store", "load")
    assert found.bindings == {
        "cache": "Cache<String, Row>",
        "page": "Page",
        "id": "String",
        "rows": "List<Row>",
        "byName": "Map<String, Row>",
        "row": "Row",
        "made": "Header()",
        "held": "Cache.find()",
        "each": "Row",
        "other": "Row.all()",
        "wide": "Wide",
        "failed": "Failure",
    }
    assert found.calls == ("Store.open", "put")


@pytest.mark.parametrize(
    ("language", "text", "receiver", "partial"),
    [
        ("go", "x = store.Open(a, b).Lo█", "store.Open()", "Lo"),
        ("go", "s.rows[i].█", "s.rows", ""),
        ("go", "s.\n\t\tNext().█", "s.Next()", ""),
        ("go", "v.(*store.Row).█", "store.Row", ""),
        ("go", "return &s.█", "s", ""),
        ("rust", "a::b::Ty█", "a.b", "Ty"),
        ("rust", "Store::<u8>::█", "Store", ""),
        ("rust", "self.rows.iter()?.next().await?.te█", "self.rows.iter().next()", "te"),
        ("rust", "super::super::█", "super.super", ""),
        ("rust", "crate::█", "crate", ""),
        ("rust", "x.parse::<Vec<u8>>()\n    .unwrap()\n    .█", "x.parse().unwrap()", ""),
        ("rust", "0..█", "", ""),
        ("java", "super.cl█", "super()", "cl"),
        ("java", "this.rows.get(0).█", "this.rows.get()", ""),
        ("java", "new Store(1)\n  .first()\n  .█", "Store().first()", ""),
        ("java", "Store.█", "Store", ""),
        ("java", "1.█", "", ""),
    ],
)
def test_what_stands_before_the_dot(language: str, text: str, receiver: str, partial: str) -> None:
    found = reading(text, language)
    assert (found.receiver, found.partial) == (receiver, partial)


@pytest.mark.parametrize(
    ("language", "text", "calls"),
    [
        ("go", "func (s *Store) Load(█", ()),
        ("go", "func main() {\n\trun(func(█", ("run",)),
        ("rust", "fn load(█", ()),
        ("rust", "let x = Store::new(a, open(1), █", ("Store.new",)),
        ("rust", "match (█", ()),
        ("java", "  public Row load(█", ()),
        ("java", "  List<Row> load(█", ()),
        ("java", "  return load(a, new Row(█", ("Row", "load")),
        ("java", "  while (█", ()),
    ],
)
def test_what_is_being_called(language: str, text: str, calls: tuple[str, ...]) -> None:
    assert reading(text, language).calls == calls


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("throw new Fai█", Position.ERROR),
        ("x = new Ro█", Position.MADE),
        ("class A extends B█", Position.BASE),
        ("@Over█", Position.DECORATOR),
        ("x = ro█", Position.ANY),
    ],
)
def test_what_is_likely_in_java(text: str, position: Position) -> None:
    assert reading(text, "java").position is position


def test_a_function_that_is_over_binds_nothing() -> None:
    assert reading("func a(x Row) {\n\ty := x\n}\n\nfunc b() {\n\t█", "go").bindings == {}
    assert reading("fn a(x: Row) {\n    let y = x;\n}\n\nfn b() {\n    █", "rust").bindings == {}


@pytest.mark.parametrize("language", ["go", "rust", "java"])
@pytest.mark.parametrize(
    "hostile", ["(" * 4_000, "a.b()::<" * 1_000, "x := [" * 800, "let a: <(" * 800, "A<B<" * 1_500]
)
def test_hostile_text_is_read_in_one_go(language: str, hostile: str) -> None:
    for text in (hostile, "fn a() {\n" + hostile, "\t" + hostile + "\n\t.x"):
        assert len(reading(text + "█", language).bindings) <= 80
