import TestSupport
import Testing

@testable import NetworkAccess

@Suite(.bounded) struct DestinationTests {
    @Test(arguments: [
        ("pub.example:443", "pub.example:443"),
        ("PUB.Example.:443", "pub.example:443"),
        ("xn--bcher-kva.example:1", "xn--bcher-kva.example:1"),
        ("1.2.3.4:65535", "1.2.3.4:65535"),
        ("1.2.3.4.:80", "1.2.3.4:80"),
        ("[::1]:80", "[0:0:0:0:0:0:0:1]:80"),
        ("[::ffff:127.0.0.1]:80", "127.0.0.1:80"),
        ("[::FFFF:7F00:1]:80", "127.0.0.1:80"),
        ("[1:2:3:4:5:6:7:8]:80", "[1:2:3:4:5:6:7:8]:80"),
        ("[64:ff9b::1.2.3.4]:80", "[64:ff9b:0:0:0:0:102:304]:80"),
        ("1a.example:80", "1a.example:80"),
    ])
    func `a destination has one spelling`(asked: String, read: String) throws {
        #expect(try #require(Destination(authority: asked)).description == read)
    }

    @Test(arguments: [
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":::", ":1", "1:", "12345::", "::g", "::1.2.3", "::1%lo",
        "::01.2.3.4", "1.2.3.4::", "::1.2.3.4:5", "1::2:3:4:5:6:7:8", "::+1",
    ])
    func `a malformed address of version 6 is refused`(text: String) {
        #expect(IPAddress(text) == nil)
        #expect(Destination(authority: "[\(text)]:80") == nil)
    }

    @Test(arguments: [
        "172.31.255.255", "100.64.0.1", "100.127.255.255", "192.0.2.7", "198.19.255.255", "203.0.113.9", "224.0.0.251",
        "239.255.255.250", "240.0.0.1", "255.255.255.255", "0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.170.2",
        "100.100.100.200", "168.63.129.16", "192.0.0.192", "::", "::1", "::7f00:1", "fd00:ec2::254", "fe80::1",
        "fec0::1", "ff02::1", "fc00::1", "2001:db8::1", "2001::1", "2002:7f00:1::", "2002:5db8:d70e::", "3fff::1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "::ffff:0:7f00:1", "4000::1",
        "5f00::1", "9000::1", "::ffff:10.0.0.1",
    ])
    func `a special address is guarded`(text: String) throws {
        #expect(AddressGuard.block(around: try #require(IPAddress(text))) != nil)
    }

    @Test(arguments: [
        "1.1.1.1", "11.0.0.1", "172.32.0.1", "172.15.255.255", "100.63.255.255", "100.128.0.1", "169.253.1.1",
        "192.0.1.1", "192.167.1.1", "198.17.1.1", "198.20.0.1", "223.255.255.255", "126.255.255.255", "128.0.0.1",
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00::1", "64:ff9b::5db8:d70e", "::ffff:93.184.215.14",
        "2001:200::1", "2003::1",
    ])
    func `a public address is not guarded`(text: String) throws {
        #expect(AddressGuard.block(around: try #require(IPAddress(text))) == nil)
    }
}
