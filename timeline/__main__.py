"""The program `standline`, which can be stopped in good order while it still loads."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Load the command line and run what was asked for."""
    try:
        from timeline.cli import main as command_line  # noqa: PLC0415 - it loads for a while
    except KeyboardInterrupt:
        sys.stderr.write("\nstandline: stopped\n")
        sys.exit(INTERRUPTED)
    command_line()


if __name__ == "__main__":
    main()
