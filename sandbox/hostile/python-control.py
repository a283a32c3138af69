# The allowed twins: what people come for.
import matplotlib.pyplot as plt, multiprocessing, multiprocessing.shared_memory, numpy, pandas, scipy.linalg, sympy
import concurrent.futures, subprocess, sys
assert numpy.allclose(numpy.linalg.inv(numpy.eye(3)), numpy.eye(3))
assert pandas.DataFrame({"a": [1, 2]}).a.sum() == 3
assert scipy.linalg.det(numpy.eye(2)) == 1
assert str(sympy.integrate(sympy.Symbol("x"), sympy.Symbol("x"))) == "x**2/2"
memory = multiprocessing.shared_memory.SharedMemory(create=True, size=1000)
memory.buf[0] = 7
memory.close(), memory.unlink()
with multiprocessing.get_context("fork").Pool(2) as pool:
    assert pool.map(abs, [-1, -2]) == [1, 2]
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    assert list(pool.map(abs, [-1, -2])) == [1, 2]
assert subprocess.check_output([sys.executable, "-c", "import numpy; print(numpy.zeros(3).sum())"]) == b"0.0\n"
queue = multiprocessing.get_context("spawn").Queue()
queue.put(1)
assert queue.get() == 1
plt.plot([1, 2])
plt.show()
print("closed")
