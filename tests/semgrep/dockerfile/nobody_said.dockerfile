FROM golang:1.23 AS build
USER builder
RUN go build -o /server ./cmd/server

FROM debian:12.7-slim
COPY --from=build /server /server
EXPOSE 8080
ENTRYPOINT ["/server"]
# ruleid: dockerfile-user-missing
CMD ["--listen", ":8080"]
