/** `$.detail.key`, `$.list[0].name`, `$.a-b_c`: what EventBridge's rules and pipes understand of JSONPath. Undefined where it leads nowhere. */
export const atPath = (value: unknown, path: string): unknown => {
  if (!/^\$(\.[\w/-]+(\[\d+\])*)*$/.test(path)) throw new Error(`EventBridge takes no such path: ${path}`)
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '' && step !== '$')
  return steps.reduce<unknown>((found, step) => {
    if (typeof found !== 'object' || found === null) return undefined
    // Any object may be asked for any name.
    return (found as Record<string, unknown>)[step]
  }, value)
}

/**
 * Fills `<name>` in a template: within quotation marks as the text of a JSON string, elsewhere as JSON. What is not there is
 * refused: AWS would leave a hole, and a test is to find it.
 */
export const filled = (template: string, found: (name: string) => unknown): string => {
  let isQuoted = false
  return template.replace(/\\.|"|<([^<>"]+)>/g, (part: string, name: string | undefined) => {
    if (part === '"') isQuoted = !isQuoted
    if (name === undefined) return part
    const value = found(name)
    if (value === undefined) throw new Error(`A template names what is not there: <${name}>`)
    const text = JSON.stringify(value)
    return isQuoted ? text.replace(/^"|"$/g, '') : text
  })
}
