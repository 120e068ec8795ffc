"""Random answers: attacks, beginnings of them, blocks and prose, one after another."""

from __future__ import annotations

import random
from typing import Final

from tests.engine.markdown.exfiltration import EXFILTRATION

SIGNS: Final = (
    *"\\`~<&[]()!|$@:/.>-+*_#=^{}'\"%,;",
    *("\n", "\n\n", " ", "   ", "    ", "\t", "``", "```", "~~~", "a", "é", "\r", "\u200d", "😀"),
    *("](", "]:", "][", "![", "[^1]: ", "http://", "www.", "example.com", "@e.com", "<b>", "-->"),
    *("\\`", "\\|", "**", "~~", "$$", "&lt;", "`a`", "`a|b`", "``a`b``", "`<b>`", "`a[i](x)`"),
)
INLINE: Final = (
    *("`", "`", "``", "`", "*", "**", "_", "~~", "~", "\\", "[", "]", "](", "]:", "![", "$", "|"),
    *(
        "http://e.com",
        "<b>",
        " ",
        "a",
        "x",
        "&",
        "(",
        ")",
        "\\`",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "@e.com",
    ),
)
BLOCKS: Final = (
    *("- a\n", "  b\n", "1. c\n", "   d\n", "10. e\n", "    f\n", "+ - z\n", "-\n", "1.\n", "5. "),
    *("> q\n", ">> r\n", "  > s\n", ">\t", "\n", "\n", "    code\n", "\tcode\n", "p\n", "# h\n"),
    *("---\n", "===\n", "***\n", "|a|b|\n", "|-|-|\n", "|-\n", "|c|`d|e`|\n", ": d\n", "::: a\n"),
    *("```\n", "```py\n", "~~~\n", "  ```\n", "   ```\n", "    ```\n", "     ```\n", "````\n"),
    *("> ```\n", "- ```\n", "- > ```\n", "> - ```\n", ">   ```\n", "*\t```\n", "-     ```\n"),
    *("![x](http://e.com)\n", "  ![x](http://e.com)\n", "    ![x](http://e.com)\n", "<div>\n"),
    *("> ![x](http://e.com)\n", "`![x](http://e.com)\n", "[r]: http://e.com\n", "[r]\n", "`\n"),
)
KINDS: Final = (SIGNS, INLINE, BLOCKS, (*EXFILTRATION, *SIGNS, *BLOCKS))


def random_answer(dice: random.Random) -> str:
    return "".join(dice.choices(dice.choice(KINDS), k=dice.randint(2, 24)))
