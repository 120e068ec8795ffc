import socket,sys,threading
s=socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR,1); s.bind(('127.0.0.1',18765)); s.listen(50)
cs=[]
while 1: cs.append(s.accept())
