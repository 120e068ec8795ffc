; The captures are those of ../python/symbols.scm. @only.<words> must be one of
; these words, with dots between them.

(class
  name: [(constant) @name (scope_resolution name: (constant) @name)]
  superclass: (superclass)? @bases
  body: (_)? @body) @definition.class

(module
  name: [(constant) @name (scope_resolution name: (constant) @name)]
  body: (_)? @body) @definition.class

(_ ; method singleton_method
  name: (_) @name
  body: (_)? @body) @definition.function

(assignment
  left: (constant) @name
  right: (_) @value) @definition.variable

; What makes methods; those of @first.<words> of their first symbol only. (It is one pattern, for
; each takes this grammar 11 ms to compile.)

(call
  method: (identifier)
    @only.attr_accessor.attr_reader.attr_writer.define_method.alias_method
    @first.define_method.alias_method
  arguments: (argument_list (simple_symbol) @name)) @definition.method

(alias
  name: (_) @name) @definition.method
