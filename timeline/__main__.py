"""The program `standline`, which can be stopped cleanly even while it loads."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Load the command line and run a command."""
    try:
        from timeline.cli import main as command_line  # noqa: PLC0415 - it loads for a while
    except KeyboardInterrupt:
        sys.stderr.write("\nstandline: stopped\n")
        sys.exit(INTERRUPTED)
    command_line()


if __name__ == "__main__":
    main()
