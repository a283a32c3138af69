# What administers a machine: each call comes back with EPERM or ENOSYS, which are the filter's, and without effect.
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
calls = {
    "mount": (165, b"own", b"/mnt", b"tmpfs", 0, None), "umount2": (166, b"/proc", 2), "pivot_root": (155, b"/tmp", b"/tmp"),
    "chroot": (161, b"/mnt/data"), "swapon": (167, b"/tmp/own", 0), "reboot": (169, 0xFEE1DEAD, 672274793, 0, None),
    "sethostname": (170, b"own", 3), "setdomainname": (171, b"own", 3), "iopl": (172, 3), "ioperm": (173, 0, 8, 1),
    "init_module": (175, None, 0, b""), "delete_module": (176, b"own", 0), "finit_module": (313, 0, b"", 0),
    "acct": (163, None), "settimeofday": (164, None, None), "clock_settime": (227, 0, None),
    "kexec_load": (246, 0, 0, None, 0), "move_mount": (429, -1, b"", -1, b"", 0), "fsopen": (430, b"tmpfs", 0),
    "add_key": (248, b"user", b"own", b"x", 1, -3), "request_key": (249, b"user", b"own", None, -3), "keyctl": (250, 0, -3, 1),
    "perf_event_open": (298, None, 0, -1, -1, 0), "fanotify_init": (300, 0, 0), "bpf": (321, 0, None, 0),
    "userfaultfd": (323, 1), "io_uring_setup": (425, 2, None),
    "open_by_handle_at": (304, -100, None, 0), "personality": (135, 0x0400000), "x32": (0x40000000 | 39,),
}
for name, (number, *arguments) in calls.items():
    ctypes.set_errno(0)
    result = libc.syscall(number, *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    if result >= 0 or ctypes.get_errno() not in (1, 38):
        print("HOLE", name, result, ctypes.get_errno())
print("closed")
