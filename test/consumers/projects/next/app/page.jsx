import { Token } from "./token.jsx";

export default function Page() {
  return <Token />;
}
