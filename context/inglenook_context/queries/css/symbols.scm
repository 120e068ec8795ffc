; The captures are those of ../python/symbols.scm; @has.<text> must have that text in it.

(rule_set
  (selectors) @name) @definition.class

(declaration
  (property_name) @name @has.--) @definition.variable

(keyframes_statement
  (keyframes_name) @name) @definition.function
