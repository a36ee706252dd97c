/** Asks for each thing once, however often it is wanted; a failure is kept too. */
export const once = <T>(read: (id: string) => Promise<T>): ((id: string) => Promise<T>) => {
  const known = new Map<string, Promise<T>>()
  return (id) => {
    const asked = known.get(id) ?? read(id)
    known.set(id, asked)
    return asked
  }
}
