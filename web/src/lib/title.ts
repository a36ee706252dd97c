import { watchEffect } from 'vue'
import { useSchool } from './session.ts'

/** What the browser's tab says: the page, then the school. */
export const usePageTitle = (title: () => string | undefined): void => {
  const school = useSchool()
  // Whoever publishes a page writes its title too.
  if (typeof document === 'undefined') return
  watchEffect(() => {
    document.title = [title(), school.value?.name].filter(Boolean).join(' · ') || 'Lectern'
  })
}
