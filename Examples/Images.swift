import ContainerImages

/// Imports an image, checks it, and keeps it for as long as it is used.
func prepare() throws {
    let store = try ImageStore("/var/lib/harmonium/images")
    let image = try store.importImage("debian.tar", as: "debian", reference: "debian:12")
    for problem in try store.check(image.name) { print(problem) }
    let use = try store.use(image)
    withExtendedLifetime(use) { print(image.path) }
}
