; The captures are those of ../python/symbols.scm.

(class_declaration
  name: (identifier) @name
  superclass: (superclass)? @bases
  interfaces: (super_interfaces)? @bases
  body: (class_body) @body) @definition.class

(record_declaration
  name: (identifier) @name
  interfaces: (super_interfaces)? @bases
  body: (class_body) @body) @definition.class

(interface_declaration
  name: (identifier) @name
  (extends_interfaces)? @bases
  body: (interface_body) @body) @definition.interface

(enum_declaration
  name: (identifier) @name
  interfaces: (super_interfaces)? @bases
  body: (enum_body) @body) @definition.enum

(annotation_type_declaration
  name: (identifier) @name
  body: (annotation_type_body) @body) @definition.interface

(method_declaration
  type: (_) @type
  name: (identifier) @name
  body: (block)? @body) @definition.method

(constructor_declaration
  name: (identifier) @name
  body: (constructor_body) @body) @definition.method

(compact_constructor_declaration
  name: (identifier) @name
  body: (block) @body) @definition.method

(annotation_type_element_declaration
  type: (_) @type
  name: (identifier) @name) @definition.method

(_ ; field_declaration constant_declaration
  type: (_) @type
  declarator: (variable_declarator
    name: (identifier) @name)) @definition.variable

(enum_constant
  name: (identifier) @name
  body: (class_body)? @body) @definition.variable

; What a record is made of. (Elsewhere a parameter has no parent, and is none.)

(formal_parameter
  type: (_) @type
  name: (identifier) @name) @definition.field
