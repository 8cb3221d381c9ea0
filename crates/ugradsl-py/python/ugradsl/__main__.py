"""``python -m ugradsl`` is the command ``ugradsl``."""

from ._cli import main

main()
