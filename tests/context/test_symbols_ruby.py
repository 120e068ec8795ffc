from __future__ import annotations

from tests.support.outline import outline

RUBY = """\
# frozen_string_literal: true

# Everything to do with shapes.
module Shapes
  # A square.
  # More.
  class Square < Base::Shape # :nodoc:
    include Drawn

    SIDES = 4
    attr_accessor :side, :colour
    attr_reader :area

    # Makes one.
    def initialize(side, colour: "#{RED}")
      @side = side
    end

    def grow(by) = @side += by

    def ==(other)
      true
    end

    def self.unit
      local = 1
      new(1)
    end

    class << self
      def zero; end
    end

    alias_method :bigger, :grow
    alias larger grow
    define_method(:odd?) { true }
    Pair = Struct.new(:left)

    private def hidden; end
  end
end

def main(args)
  puts args
end
"""
RUBY_SHOWN = """\
class Shapes | module Shapes | Everything to do with shapes.
class Shapes.Square (Base::Shape) | class Square < Base::Shape | A square.
field Square.SIDES | SIDES = 4
method Square.side | attr_accessor :side, :colour
method Square.colour | attr_accessor :side, :colour
method Square.area | attr_reader :area
method Square.initialize | def initialize(side, colour: "#{RED}") | Makes one.
method Square.grow | def grow(by)
method Square.== | def ==(other)
method Square.unit | def self.unit
method Square.zero | def zero; end
method Square.bigger | alias_method :bigger, :grow
method Square.larger | alias larger grow
method Square.odd? | define_method(:odd?) { true }
field Square.Pair | Pair = Struct.new(:left)
method Square.hidden | def hidden; end
function main | def main(args)
"""


def test_what_a_file_of_ruby_defines() -> None:
    assert outline(RUBY, "ruby") == RUBY_SHOWN
