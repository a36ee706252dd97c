// Before the first paint, so that a dark page never flashes white. A file of its own because the policy allows no inline script.
;(() => {
  const chosen = localStorage.getItem('vueuse-color-scheme')
  const isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', isDark)
})()
// The school's colour: as the page says, or as it was when this browser was here last.
;(() => {
  const told = document.querySelector('meta[name="lectern-accent"]')?.content
  const [hue, chroma] = (told ?? localStorage.getItem('lectern-accent') ?? '').split(' ').map(Number)
  if (!Number.isFinite(hue) || !Number.isFinite(chroma)) return
  document.documentElement.style.setProperty('--accent-hue', String(hue))
  document.documentElement.style.setProperty('--accent-chroma', String(chroma))
})()
