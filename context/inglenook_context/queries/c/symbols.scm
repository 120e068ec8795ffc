; The captures are those of ../python/symbols.scm. @declarator has the name somewhere in it
; (declarators.py), which also tells whether it is a function.
;
; Here is what C and C++ share; the rest is in ../c_only and ../cpp.

(_ ; declaration field_declaration
  type: (_)? @type
  declarator: (_) @declarator @name) @definition.variable

(type_definition
  declarator: (_) @declarator @name) @definition.type

(type_definition
  type: (_
    !name
    body: (field_declaration_list) @body)
  declarator: (_) @declarator @name) @definition.class

(type_definition
  type: (enum_specifier
    !name
    body: (_) @body)
  declarator: (_) @declarator @name) @definition.enum

(enum_specifier
  name: (_) @name
  body: (enumerator_list) @body) @definition.enum

(enumerator
  name: (identifier) @name) @definition.variable

(preproc_def
  name: (identifier) @name) @definition.variable

(preproc_function_def
  name: (identifier) @name
  value: (preproc_arg)? @body) @definition.function
