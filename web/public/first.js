// Before the first paint, so that nothing flashes in the wrong colours or words. A file of its own because the policy allows no inline script.
;(() => {
  // A browser may refuse to remember anything.
  const look = (read) => {
    try {
      return read(localStorage)
    } catch {
      return undefined
    }
  }
  const kept = (key) => look((store) => store.getItem(key)) ?? undefined
  const { classList, style } = document.documentElement

  const chosen = kept('vueuse-color-scheme')
  classList.toggle('dark', chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches))

  // The school's colour: as the page says, or as it was when this browser was here last.
  const told = document.querySelector('meta[name="lectern-accent"]')?.content
  const [hue, chroma] = (told ?? kept('lectern-accent') ?? '').split(' ').map(Number)
  if (Number.isFinite(hue) && Number.isFinite(chroma)) {
    style.setProperty('--accent-hue', String(hue))
    style.setProperty('--accent-chroma', String(chroma))
  }

  // A published page is written in English for somebody nobody knows: what others would see of it only for a moment stays hidden until the
  // app has come (`look.css`). The languages are those of `lib/languages.ts`.
  const spoken = ['en', 'de', 'es']
  const preferred = navigator.languages.map((tag) => tag.toLowerCase().split('-', 1)[0]).find((tag) => spoken.includes(tag))
  classList.toggle('is-elsewhere', (kept('lectern-language') ?? preferred ?? 'en') !== 'en')
  classList.toggle('is-someone', look((store) => Object.keys(store).some((key) => key.startsWith('lectern.user:'))) === true)
})()
// The app begins when the page has been painted: it takes up what is shown already. What is not looked at is not painted either.
addEventListener('DOMContentLoaded', () => {
  const begin = () => void import(document.getElementById('app-script').href)
  if (document.hidden || !document.getElementById('published')) begin()
  else requestAnimationFrame(() => setTimeout(begin))
})
// What is pressed or chosen before that is not lost: it is done once the app is there to hear it, in order and each once, and by no part that is
// there sooner. Where the page was drawn anew, it is done by the control of the same name in the same place among as many; without one it is dropped.
;(() => {
  const MOST = 8
  const presses = []
  const nameOf = (control) => (control.getAttribute('aria-label') ?? control.labels?.[0]?.textContent ?? control.textContent).trim()
  const equalsOf = ({ localName, type }, name) => [...document.querySelectorAll(localName)].filter((each) => each.type === type && nameOf(each) === name)
  const note = (event) => {
    const { type, target } = event
    const control = type === 'click' ? target.closest('button') : target
    if (!control) return
    event.preventDefault()
    event.stopImmediatePropagation()
    // Whoever presses again has seen nothing happen; whoever chooses again means what was chosen last.
    const before = presses.findIndex((press) => press.control === control)
    if (before >= 0) presses.splice(before, 1)
    const name = nameOf(control)
    const equals = equalsOf(control, name)
    const { value, checked } = control
    presses.push({ type, control, name, value, checked, count: equals.length, place: equals.indexOf(control) })
    if (presses.length > MOST) presses.shift()
  }
  const found = ({ control, name, count, place }) => {
    if (control.isConnected) return control
    const equals = equalsOf(control, name)
    return equals.length === count ? equals[place] : undefined
  }
  const perform = ({ type, value, checked }, control) => {
    if (type === 'click') return control.click()
    if (control.type === 'checkbox' || control.type === 'radio') control.checked = checked
    else if (control.type !== 'file') control.value = value
    control.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }))
  }
  const performNext = () => {
    const press = presses.shift()
    if (!press) return
    // In a moment of its own: the app draws in between what the one before has changed.
    setTimeout(performNext)
    const control = found(press)
    if (control) perform(press, control)
  }
  for (const type of ['click', 'change']) addEventListener(type, note, true)
  addEventListener(
    'app-begun',
    () => {
      for (const type of ['click', 'change']) removeEventListener(type, note, true)
      performNext()
    },
    { once: true },
  )
})()
