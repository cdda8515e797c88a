"""Commands as somebody types them, and the files that they are given."""

from django.core.management import call_command


def run(capsys, *arguments, verbosity=0):
    """What a command prints: its exit status, standard output, standard error."""
    status = 0
    try:
        call_command(*map(str, arguments), verbosity=verbosity)
    except SystemExit as ended:
        status = ended.code
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def written(file, heading, *rows):
    """The file, with a heading and a line for each row."""
    file.write_text("".join(f"{row}\n" for row in (heading, *rows)), "utf-8")
    return file
