"""Uses `harmonium shell` as a person does: shell.py HARMONIUM URL. Prints what the shell said of its terminal.

It types, changes the size of the terminal, interrupts with ^C and exits with 7.
"""

import fcntl
import os
import pty
import re
import struct
import sys
import termios


def main():
    program, url = sys.argv[1:]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(program, [program, "shell", "person", "--url", url])
    resize(terminal, 30, 100)
    seen = b""

    def until(pattern):
        nonlocal seen
        while not (found := re.search(pattern, seen)):
            seen += os.read(terminal, 4096)
        seen = seen[found.end() :]
        return found

    def type_line(text):
        os.write(terminal, text.encode() + b"\n")

    # Each answer is made so that the echo of what was typed does not look like it.
    type_line("PS1='ready''> '; stty size | tr ' ' x; echo do''ne")
    print("begins with", until(rb"(\d+x\d+)\r\ndone\r\n")[1].decode())
    until(rb"ready> ")
    resize(terminal, 40, 120)
    type_line("while [ $(stty size | tr ' ' x) != 40x120 ]; do :; done; echo resi''zed")
    until(rb"resized\r\n")
    print("resized")
    type_line("echo wai''ting; cat")
    until(rb"waiting\r\n")
    os.write(terminal, b"\x03")
    until(rb"\^C")
    type_line("printf '\\033[31mr''ed\\033[0m\\n'")
    until(rb"\x1b\[31mred\x1b\[0m")
    print("colored")
    type_line("exit 7")
    while True:
        try:
            if not os.read(terminal, 4096):
                break
        except OSError:
            break
    print("exited with", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def resize(terminal, rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


main()
