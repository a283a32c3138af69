/// Ports whose servers could take a request for their own protocol: those of the Fetch standard, and databases, queues
/// and control planes, which trust every client that reaches them.
enum BlockedPorts {
    static func include(_ port: Int) -> Bool { ports.contains(port) }

    private static let ports: Set<Int> = [
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
        109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515,
        526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 2375,
        2376, 2379, 2380, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 5984, 6000, 6379, 6443, 6566, 6665, 6666, 6667,
        6668, 6669, 6679, 6697, 8500, 9200, 9222, 9300, 10080, 10250, 10255, 11211, 27017,
    ]
}
