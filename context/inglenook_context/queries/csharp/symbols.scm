; The captures are those of ../python/symbols.scm.

(_ ; namespace_declaration file_scoped_namespace_declaration
  name: (_) @name
  body: (_)? @body) @definition.namespace

(_ ; class_declaration struct_declaration record_declaration
  name: (identifier) @name
  (base_list)? @bases
  body: (_)? @body) @definition.class

(interface_declaration
  name: (identifier) @name
  (base_list)? @bases
  body: (_)? @body) @definition.interface

(enum_declaration
  name: (identifier) @name
  body: (_)? @body) @definition.enum

(enum_member_declaration
  name: (identifier) @name) @definition.variable

(method_declaration
  returns: (_) @type
  name: (identifier) @name
  body: (_)? @body) @definition.method

(_ ; constructor_declaration
  name: (identifier) @name
  body: (_)? @body) @definition.method

(_ ; property_declaration event_declaration
  type: (_) @type
  name: (identifier) @name
  accessors: (_)? @body) @definition.variable

(_ ; field_declaration event_field_declaration
  (variable_declaration
    type: (_) @type
    (variable_declarator
      name: (identifier) @name))) @definition.variable

; What a record is made of. (Elsewhere a parameter has no parent, and is none.)

(parameter
  type: (_) @type
  name: (identifier) @name) @definition.field

(delegate_declaration
  type: (_) @type
  name: (identifier) @name) @definition.type
