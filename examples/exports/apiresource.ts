import { create } from "@bufbuild/protobuf";
import { ApiResourceMetadataSchema, ApiResourceOwnerScope } from "@stigmer/apis/apiresource";

const metadata = create(ApiResourceMetadataSchema, {
  name: "Nightly report",
  slug: "nightly-report",
  org: "org-1",
  ownerScope: ApiResourceOwnerScope.organization,
  labels: { team: "finance" },
  tags: ["nightly"],
});
console.log(ApiResourceOwnerScope[metadata.ownerScope]); // => organization
