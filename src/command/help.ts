export const help = `stigmer-handshakes: lists the callers that wait for an execution, for how long, and why.
Changes nothing.

  --address HOST:PORT     of the callers' Temporal server (TEMPORAL_ADDRESS; localhost:7233)
  --namespace NAME        of the callers (TEMPORAL_NAMESPACE; default)
  --runner-namespace NAME of the runners' workflows, on the same server (that of the callers)
  --tls                   connect with TLS (TEMPORAL_TLS=true; always with an API key)
  --service URL           of the execution service, which speaks gRPC
  --query QUERY           only callers of which this visibility query is true
  --older-than DURATION   only what has been open for longer, such as 90s, 5m, 1h or 2d
  --limit COUNT           stop after so many, the youngest callers first
  --json                  print each as a JSON object on a line of its own
  --help

Secrets come from the environment alone: TEMPORAL_API_KEY, and STIGMER_AUTHORIZATION, which is sent to
the service as the header authorization.

Exit status: 0 if all are healthy or there are none, 1 if one is not, 2 if they could not be listed.
`;
