/** JSON with its lines indented, as people read it; whatever is none, or was cut short, stays as it was sent. */
export const readable = (raw: string): string => {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2)
  } catch {
    return raw
  }
}
