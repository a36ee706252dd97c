export type Timed = { at: number; order: number; what: string; happen(): void }

export type Plan = ReturnType<typeof plan>

/** A heap of what is planned, the earliest on top; of one moment, in the order it was planned. */
export const plan = () => {
  const heap: Timed[] = []
  const isBefore = (one: Timed, other: Timed): boolean => one.at < other.at || (one.at === other.at && one.order < other.order)
  const swap = (one: number, other: number): void => {
    const [a, b] = [heap[one], heap[other]]
    if (a && b) [heap[one], heap[other]] = [b, a]
  }
  const less = (one: number, other: number): boolean => {
    const [a, b] = [heap[one], heap[other]]
    return a !== undefined && b !== undefined && isBefore(a, b)
  }
  const sink = (from: number): void => {
    let place = from
    for (;;) {
      const [left, right] = [2 * place + 1, 2 * place + 2]
      let least = place
      if (less(left, least)) least = left
      if (less(right, least)) least = right
      if (least === place) return
      swap(place, least)
      place = least
    }
  }
  return {
    first: () => heap[0],
    add(timed: Timed): void {
      heap.push(timed)
      let place = heap.length - 1
      while (place > 0 && less(place, (place - 1) >> 1)) {
        swap(place, (place - 1) >> 1)
        place = (place - 1) >> 1
      }
    },
    take(): Timed | undefined {
      const top = heap[0]
      const last = heap.pop()
      if (top && last && heap.length > 0) {
        heap[0] = last
        sink(0)
      }
      return top
    },
  }
}
