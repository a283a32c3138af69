internal import CPython

/// The memory that Python's objects live in: one region, handed out arena after arena.
///
/// Left alone, Python maps each arena by itself, wherever there is room. Side by side, arenas make whole huge pages and
/// one mapping, and both make a fork of this process cheap. Source: "Customize pymalloc Arena Allocator" of the Python/C
/// manual.
enum ArenaRegion {
    /// Addresses only: memory is taken as arenas are. No session is allowed as much.
    private static let reservedBytes = 1 << 40
    private static let hugePageBytes: UInt = 1 << 21
    /// Sizes of the blocks that arenas are made of; larger ones are the C library's.
    private static let blockBytesMax = 512
    private static let blockBytesStep = 16

    /// Makes Python use the region from its start on; false where the addresses cannot be had.
    ///
    /// To be called before Python is initialized, once. The region stays as long as the process.
    static func install() -> Bool {
        guard let start = unsafe cpython_reserve(reservedBytes) else { return false }
        let first = UInt(bitPattern: start)
        let state = UnsafeMutablePointer<ArenaState>.allocate(capacity: 1)
        unsafe state.initialize(
            to: ArenaState(
                next: (first + hugePageBytes - 1) / hugePageBytes * hugePageBytes,
                end: first + UInt(reservedBytes)
            )
        )
        var allocator = unsafe PyObjectArenaAllocator(
            ctx: state,
            alloc: { state, size in
                unsafe state.flatMap { unsafe take(size, from: $0.assumingMemoryBound(to: ArenaState.self)) }
            },
            free: { state, arena, size in
                guard let state = unsafe state, let arena = unsafe arena else { return }
                unsafe giveBack(arena, size, to: state.assumingMemoryBound(to: ArenaState.self))
            }
        )
        unsafe PyObject_SetArenaAllocator(&allocator)
        return true
    }

    /// Fills what is free in the arenas so far, with blocks that are never freed; to be called with Python's lock held.
    static func fillHoles() {
        var allocator = unsafe PyObjectArenaAllocator()
        unsafe PyObject_GetArenaAllocator(&allocator)
        guard let state = unsafe allocator.ctx?.assumingMemoryBound(to: ArenaState.self) else { return }
        // What was given back is all hole. Its addresses are no loss.
        unsafe state.pointee.free.removeAll()
        let end = unsafe state.pointee.next
        var beyond: [UInt] = []
        for size in stride(from: blockBytesMax, to: 0, by: -blockBytesStep) {
            while let block = unsafe PyObject_Malloc(size) {
                guard UInt(bitPattern: block) >= end else { continue }
                beyond.append(UInt(bitPattern: block))
                break
            }
        }
        for block in beyond { unsafe PyObject_Free(UnsafeMutableRawPointer(bitPattern: block)) }
    }
}

/// What is left of the region. Python calls with its lock held, so one caller at a time.
private struct ArenaState {
    var next: UInt
    let end: UInt
    /// What was given back, by its size: arenas have one, and the chunks of Python's stack another.
    var free: [Int: [UInt]] = [:]
}

private func take(_ size: Int, from state: UnsafeMutablePointer<ArenaState>) -> UnsafeMutableRawPointer? {
    if let arena = unsafe state.pointee.free[size]?.popLast() {
        return unsafe UnsafeMutableRawPointer(bitPattern: arena)
    }
    let arena = unsafe state.pointee.next
    guard unsafe arena + UInt(size) <= state.pointee.end,
        let memory = unsafe UnsafeMutableRawPointer(bitPattern: arena),
        unsafe cpython_commit(memory, size) == 0
    else { return nil }
    unsafe state.pointee.next += UInt(size)
    return unsafe memory
}

/// The memory goes back to the machine, and the addresses to the next who asks for as much.
private func giveBack(
    _ arena: UnsafeMutableRawPointer,
    _ size: Int,
    to state: UnsafeMutablePointer<ArenaState>
) {
    unsafe cpython_decommit(arena, size)
    unsafe state.pointee.free[size, default: []].append(UInt(bitPattern: arena))
}
