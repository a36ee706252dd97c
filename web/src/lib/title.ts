import { onScopeDispose, watchEffect } from 'vue'
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

/** What is not everybody's is not to be listed by search engines, which read what a page says of itself once it is drawn. */
export const useUnlisted = (): void => {
  if (typeof document === 'undefined') return
  const robots = Object.assign(document.createElement('meta'), { name: 'robots', content: 'noindex' })
  document.head.append(robots)
  onScopeDispose(() => robots.remove())
}
