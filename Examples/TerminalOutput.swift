import TerminalText

/// Prints the text of what a command writes to its terminal, as far as it can no longer change.
func showTerminal(_ pieces: [String]) {
    var terminal = TerminalText()
    for piece in pieces { print(terminal.append(Array(piece.utf8)).debugDescription) }
    print(terminal.flush().debugDescription)
}
