# Descriptors sent to the supervisor over the channel are not taken.
# ends: brokeProtocol
import socket, time
channel = socket.socket(fileno=900)
socket.send_fds(channel, [b"\0" * 64], [0] * 200)
time.sleep(20)
