/** What the API refuses, in GitHub's words and shape. */
export class ApiError extends Error {
  readonly status: number
  readonly errors: readonly unknown[] | undefined
  readonly headers: Record<string, string>
  constructor(status: number, message: string, { errors, headers = {} }: { errors?: readonly unknown[]; headers?: Record<string, string> } = {}) {
    super(message)
    this.status = status
    this.errors = errors
    this.headers = headers
  }
}

export const notFound = (): ApiError => new ApiError(404, 'Not Found')
export const invalid = (message: string, errors?: readonly unknown[]): ApiError => new ApiError(422, message, errors ? { errors } : {})
