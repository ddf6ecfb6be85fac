"""The entry point of the command line; `python -m dragoman` runs it too."""

from cli.app import main

if __name__ == "__main__":
    main()
