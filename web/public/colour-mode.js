// Before the first paint, so that a dark page never flashes white. A file of its own because the policy allows no inline script.
;(() => {
  const chosen = localStorage.getItem('vueuse-color-scheme')
  const isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', isDark)
})()
