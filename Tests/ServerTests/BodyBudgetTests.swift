import TestSupport
import Testing

@testable import Server

@Suite(.bounded) struct BodyBudgetTests {
    private static let free = BodyBudget.freeBytes

    @Test func `bodies share a budget, and the beginning of each is free`() {
        let budget = BodyBudget(bytesMax: 1000)
        let one = budget.share()
        let other = budget.share()
        #expect(one.grow(to: Self.free + 600))
        #expect(other.grow(to: Self.free))
        #expect(!other.grow(to: Self.free + 500))
        #expect(other.grow(to: Self.free + 400))
        #expect(!one.grow(to: Self.free + 601))
        #expect(one.grow(to: Self.free + 600))
    }

    @Test func `what is not held any more is given back`() {
        let budget = BodyBudget(bytesMax: 1000)
        for _ in 0..<3 {
            let share = budget.share()
            #expect(share.grow(to: Self.free + 1000))
        }
        #expect(budget.share().grow(to: Self.free + 1000))
    }
}
