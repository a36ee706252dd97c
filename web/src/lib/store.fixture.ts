/** A browser’s store, which can be full. Like the real one, it lists what it keeps as properties of its own. */
export const aStorage = (): { storage: Storage; fill(is: boolean): void } => {
  let isFull = false
  const storage = Object.create({
    getItem: (key: string) => (Object.hasOwn(storage, key) ? storage[key] : null),
    setItem: (key: string, value: string) => {
      if (isFull) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
      storage[key] = value
    },
    removeItem: (key: string) => {
      delete storage[key]
    },
  })
  const fill = (is: boolean): void => {
    isFull = is
  }
  return { storage, fill }
}
