; The captures are those of ../python/symbols.scm.

(function_definition
  name: (word) @name
  body: (_) @body) @definition.function

(variable_assignment
  name: (variable_name) @name) @definition.variable
