export type Action =
  | 'toggle'
  | 'back'
  | 'forward'
  | 'stepBack'
  | 'stepForward'
  | 'tenth'
  | 'begin'
  | 'end'
  | 'frameBack'
  | 'frameForward'
  | 'slower'
  | 'faster'
  | 'captions'
  | 'mute'
  | 'louder'
  | 'quieter'
  | 'fullScreen'
  | 'theatre'
  | 'pip'
  | 'next'
  | 'previous'
  | 'note'
  | 'bookmark'
  | 'help'
  | 'close'

/** What a key asks for; `tenth` is the one a digit names. */
export type Command = { action: Action; tenth?: number }

type Binding = {
  action: Action
  keys: readonly string[]
  group: 'playing' | 'moving' | 'seeing' | 'lessons'
  /** Only while the focus is in the player: elsewhere the page scrolls by them. */
  isInside?: true
  /** Held down, it goes on. */
  repeats?: true
}

export const BINDINGS: readonly Binding[] = [
  { action: 'toggle', keys: [' ', 'k'], group: 'playing' },
  { action: 'slower', keys: ['<'], group: 'playing', repeats: true },
  { action: 'faster', keys: ['>'], group: 'playing', repeats: true },
  { action: 'mute', keys: ['m'], group: 'playing' },
  { action: 'louder', keys: ['ArrowUp'], group: 'playing', isInside: true, repeats: true },
  { action: 'quieter', keys: ['ArrowDown'], group: 'playing', isInside: true, repeats: true },
  { action: 'back', keys: ['j'], group: 'moving', repeats: true },
  { action: 'forward', keys: ['l'], group: 'moving', repeats: true },
  { action: 'stepBack', keys: ['ArrowLeft'], group: 'moving', repeats: true },
  { action: 'stepForward', keys: ['ArrowRight'], group: 'moving', repeats: true },
  { action: 'tenth', keys: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'], group: 'moving' },
  { action: 'begin', keys: ['Home'], group: 'moving', isInside: true },
  { action: 'end', keys: ['End'], group: 'moving', isInside: true },
  { action: 'frameBack', keys: [','], group: 'moving', repeats: true },
  { action: 'frameForward', keys: ['.'], group: 'moving', repeats: true },
  { action: 'captions', keys: ['c'], group: 'seeing' },
  { action: 'fullScreen', keys: ['f'], group: 'seeing' },
  { action: 'theatre', keys: ['t'], group: 'seeing' },
  { action: 'pip', keys: ['i'], group: 'seeing' },
  { action: 'next', keys: ['n'], group: 'lessons' },
  { action: 'previous', keys: ['p'], group: 'lessons' },
  { action: 'note', keys: ['w'], group: 'lessons' },
  { action: 'bookmark', keys: ['b'], group: 'lessons' },
  { action: 'help', keys: ['?'], group: 'lessons' },
  { action: 'close', keys: ['Escape'], group: 'lessons' },
]

export const GROUPS = ['playing', 'moving', 'seeing', 'lessons'] as const

const SHOWN: Record<string, string> = { ' ': 'Space', ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' }

/** A key as people read it. */
export const shownKey = (key: string): string => SHOWN[key] ?? (key.length === 1 ? key.toUpperCase() : key)

/** The key a control's label may name; none where there is no binding. */
export const keyOf = (action: Action): string | undefined => {
  const keys = BINDINGS.find((each) => each.action === action)?.keys ?? []
  const key = keys.at(-1)
  return key === undefined ? undefined : shownKey(key)
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'>

/** What a key means to the player, where nothing else has a use for it. */
export const commandOf = ({ key, ctrlKey, metaKey, altKey, repeat }: Pressed, isInside: boolean): Command | undefined => {
  if (ctrlKey || metaKey || altKey) return undefined
  const wanted = key.length === 1 ? key.toLowerCase() : key
  const binding = BINDINGS.find(({ keys }) => keys.includes(wanted))
  if (!binding || (binding.isInside && !isInside) || (repeat && !binding.repeats)) return undefined
  return binding.action === 'tenth' ? { action: 'tenth', tenth: Number(key) } : { action: binding.action }
}
